# A JupyterHub's single-user image: JupyterLab, Node, and signmix with its kernel for all users.
# Each user's first command makes a class's folder in the own home: node /opt/signmix/environment/class.mjs --folder ~/class
#
#   docker build -f environment/containers/jupyterhub.Dockerfile -t signmix-hub .
FROM node:20-bookworm-slim AS node

FROM quay.io/jupyter/minimal-notebook:python-3.11
USER root
COPY --from=node /usr/local/bin/node /usr/local/bin/node
COPY --from=node /usr/local/lib/node_modules /usr/local/lib/node_modules
RUN ln -s ../lib/node_modules/npm/bin/npm-cli.js /usr/local/bin/npm \
 && ln -s ../lib/node_modules/npm/bin/npx-cli.js /usr/local/bin/npx
WORKDIR /opt/signmix
COPY . .
RUN npm run setup && npx signmix kernel install --sys-prefix && pip install --no-cache-dir plotly && chmod -R a+rX .
USER ${NB_UID}
WORKDIR /home/${NB_USER}
