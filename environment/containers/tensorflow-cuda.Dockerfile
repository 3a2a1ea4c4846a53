# signmix on an NVIDIA GPU: tfjs-node-gpu built against TensorFlow's CUDA 12 wheel.
# The CUDA libraries come with the wheel; the machine brings only the driver and the NVIDIA Container Toolkit.
#
#   docker build -f environment/containers/tensorflow-cuda.Dockerfile -t signmix-cuda .
#   docker run --rm --gpus all signmix-cuda npm run setup:tensorflow -- --cuda
#   docker run --rm --gpus all -v "$PWD/data:/signmix/data" signmix-cuda npm run reproduce -- --profile paper
FROM node:22-bookworm
RUN apt-get update \
 && apt-get install --yes --no-install-recommends g++ python3 python3-venv \
 && rm -rf /var/lib/apt/lists/*
WORKDIR /signmix
COPY package.json package-lock.json .npmrc ./
RUN npm ci
COPY . .
# No GPU is visible while an image is built; the line "devices" of the first run above tells whether it is later.
RUN npm run setup:tensorflow -- --install --cuda && npm run build
CMD ["npm", "run", "reproduce"]
